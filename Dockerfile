# kcalc in a container: the worker, the dashboard and every other command from one image.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY tui tui
RUN python -m venv /opt/kcalc \
 && /opt/kcalc/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 kcalc
COPY --from=build /opt/kcalc /opt/kcalc
ENV PATH=/opt/kcalc/bin:$PATH PYTHONUNBUFFERED=1 TERM=xterm-256color COLORTERM=truecolor
USER kcalc
WORKDIR /home/kcalc
ENTRYPOINT ["kcalc"]
CMD ["--help"]
