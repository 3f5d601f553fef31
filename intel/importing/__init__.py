"""Citizens' tips from files: tables read as a stream, columns recognised, rows checked."""
