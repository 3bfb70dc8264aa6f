# Two stages: the first installs into a virtual environment, the second carries only that and the program.
FROM python:3.12-slim AS build
WORKDIR /src
ARG TORCH=torch==2.13.0
# requirements-ocr.lock reads pictures and scanned PDF as well, requirements-milvus.lock an index in Milvus.
ARG LOCK=requirements.lock
# Where pip looks; needed where its usual index offers no CPU build of torch.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
RUN python -m venv /opt/wenbao
COPY requirements.lock requirements-ocr.lock requirements-milvus.lock ./
RUN /opt/wenbao/bin/pip install --no-cache-dir "$TORCH" \
 && /opt/wenbao/bin/pip install --no-cache-dir --no-deps --require-hashes -r "$LOCK"
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY qa qa
RUN /opt/wenbao/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 wenbao && install -d -o wenbao /data
COPY --from=build /opt/wenbao /opt/wenbao
COPY seeds /seeds
# The root file system may be read-only: what is written is /data, and /tmp for uploads while they are read.
ENV PATH=/opt/wenbao/bin:$PATH QA_INDEX=/data/index QA_HOST=0.0.0.0 QA_PORT=8000 HF_HUB_OFFLINE=1 \
    HF_HOME=/tmp/huggingface XDG_CACHE_HOME=/tmp/cache PYTHONDONTWRITEBYTECODE=1
# By number, so that an orchestrator can see that it is not root.
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['QA_PORT'] + '/healthz', timeout=4)"]
# The sample pages are indexed the first time; with an index of one's own in /data they are left alone.
CMD ["sh", "-c", "qa stats >/dev/null 2>&1; [ $? = 4 ] && qa index /seeds; exec qa serve"]
