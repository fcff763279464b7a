# syntax=docker/dockerfile:1
# API and worker: docker build --file docker/api.Dockerfile --target api .
FROM python:3.11.13-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1

FROM base AS built
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /opt/laocai
# docker/requirements.lock is the part of requirements.lock that the product runs on, without what develops and tests it.
COPY docker/requirements.lock ./
RUN uv venv /opt/laocai/.venv \
    && uv pip sync --require-hashes --python /opt/laocai/.venv/bin/python requirements.lock \
    && printf '#!/opt/laocai/.venv/bin/python\nfrom api.cli import main\nmain()\n' > /opt/laocai/.venv/bin/laocai \
    && chmod 755 /opt/laocai/.venv/bin/laocai
COPY LICENSE NOTICE ./
COPY api api
COPY notifications notifications
COPY locales locales
RUN /opt/laocai/.venv/bin/python -m compileall -q api notifications locales

FROM base AS product
RUN groupadd --gid 10001 laocai \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /opt/laocai --shell /usr/sbin/nologin laocai \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/laocai
WORKDIR /opt/laocai
COPY --from=built /opt/laocai /opt/laocai
COPY graphql graphql
ENV PATH=/opt/laocai/.venv/bin:$PATH \
    PYTHONPATH=/opt/laocai \
    PYTHONDONTWRITEBYTECODE=1 \
    LAOCAI_ENVIRONMENT=production \
    LAOCAI_DATA_FOLDER=/var/lib/laocai \
    LAOCAI_LOG_FORMAT=json \
    LAOCAI_HOST=0.0.0.0
USER 10001:10001
VOLUME /var/lib/laocai
STOPSIGNAL SIGTERM

FROM product AS api
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/health/live'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["laocai", "serve"]

FROM product AS worker
CMD ["laocai", "worker"]
