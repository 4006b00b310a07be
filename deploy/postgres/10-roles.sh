#!/bin/sh
# Runs once, when the database volume is new: the owner of the schema, and the product's own role without its rights.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$DB_OWNER_PASSWORD" --set app_password="$DB_APP_PASSWORD" <<'SQL'
CREATE ROLE impeller_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE impeller_app LOGIN PASSWORD :'app_password';
CREATE DATABASE impeller OWNER impeller_owner;
REVOKE ALL ON DATABASE impeller FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE impeller TO impeller_app;
SQL
