# syntax=docker/dockerfile:1
# Bot and action server: docker build --file docker/bot.Dockerfile --target bot .
FROM python:3.10.18-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    RASA_TELEMETRY_ENABLED=false \
    TF_CPP_MIN_LOG_LEVEL=3 \
    CUDA_VISIBLE_DEVICES=-1 \
    SQLALCHEMY_SILENCE_UBER_WARNING=1

FROM base AS built
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /opt/laocai
COPY chatbot/requirements.lock chatbot/requirements.lock
RUN uv venv /opt/laocai/chatbot/.venv \
    && uv pip sync --require-hashes --python /opt/laocai/chatbot/.venv/bin/python chatbot/requirements.lock
COPY chatbot chatbot
COPY locales locales
# What the lookup takes names from: the province, its hospitals, its cards.
COPY api/tourism/data api/tourism/data
COPY api/health/data api/health/data
COPY api/tourist_cards/data api/tourist_cards/data
RUN chatbot/.venv/bin/python chatbot/train.py

FROM base AS product
RUN groupadd --gid 10001 laocai \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin laocai \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/laocai
WORKDIR /opt/laocai
COPY --from=built /opt/laocai /opt/laocai
ENV PATH=/opt/laocai/chatbot/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    LAOCAI_DATA_FOLDER=/var/lib/laocai
USER 10001:10001
STOPSIGNAL SIGTERM

FROM product AS bot
HEALTHCHECK --interval=15s --timeout=5s --start-period=180s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 5005, timeout=4); c.request('GET', '/'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["python", "chatbot/serve.py", "bot"]

FROM product AS actions
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 5055, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["python", "chatbot/serve.py", "actions"]
