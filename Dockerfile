# The application alone: no embedded server, no test. See docker-compose.yml.
FROM python:3.13-slim-bookworm

RUN useradd --system --uid 10001 --home-dir /data --create-home cross
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
