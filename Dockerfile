# The digest is what decides; the tag says to people which version it is.
FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The image has Node 24, so the pinned one (optionalDependencies) stays out.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV NODE_ENV=production \
    LATCHKEY_HTTP_HOST=0.0.0.0 \
    LATCHKEY_DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY . .
# What the first start compiles is kept for the next ones.
RUN mkdir -p node_modules/.cache /data && chown node:node node_modules/.cache /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 3000
# On the ops port, which speaks plain HTTP also where the public one has a certificate.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "index.js"]
