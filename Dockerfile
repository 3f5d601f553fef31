# The application alone: no embedded server, no test. See docker-compose.yml.
FROM python:3.13-slim-bookworm

# pg_dump and pg_restore of the server's own version, for backups; Debian's are older.
COPY --from=postgres:18-bookworm /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/lib/postgresql/18/bin/
RUN --mount=type=bind,from=postgres:18-bookworm,target=/postgresql \
    apt-get update && apt-get install --yes --no-install-recommends libpq5 liblz4-1 libzstd1 && \
    rm -rf /var/lib/apt/lists/* && cp --dereference /postgresql/usr/lib/*-linux-gnu/libpq.so.5 /usr/local/lib/ && ldconfig

RUN useradd --system --uid 10001 --home-dir /data --create-home cross \
    && install --directory --owner cross --mode 750 /anchors \
    && install --directory --owner cross --mode 700 /keys
WORKDIR /app

# Wheels only, each with its hash; odfpy alone has none and is pure Python.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: --no-binary odfpy \
    --requirement requirements.lock

COPY manage.py ./
COPY cross cross
COPY services services
COPY protocols protocols
COPY intel intel
COPY templates templates
COPY static static

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CROSS_STATIC=/app/collected
# The two variables serve this step only: collecting files talks to nobody.
RUN CROSS_SECRET_KEY=build DATABASE_URL=postgresql:///none python manage.py collectstatic --no-input

USER cross
EXPOSE 8000
