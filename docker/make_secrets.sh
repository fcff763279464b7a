#!/bin/sh
# Makes docker/secrets/ once; what is there already stays. Run it on the host, as root.
set -eu
umask 077
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
cd "$folder"

fresh() { head -c 36 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }
keep() { [ -s "$1" ] || cat > "$1"; }

for name in ticket_secret bot_secret device_key mongodb_password mongo_root_password; do
    fresh | keep "$name"
done
head -c 512 /dev/urandom | base64 | keep mongo_key
members=${MONGO_MEMBERS:-mongo-1:27017}
printf 'mongodb://laocai:%s@%s/laocai?replicaSet=laocai&authSource=laocai' "$(cat mongodb_password)" "$members" | keep mongodb_url
if [ ! -s redis_config ] || [ ! -s limits_url ]; then
    password=$(fresh)
    printf 'requirepass %s\nsave ""\nappendonly no\nmaxmemory 192mb\nmaxmemory-policy volatile-ttl\n' "$password" > redis_config
    printf 'async+redis://:%s@redis:6379/0' "$password" > limits_url
fi
if [ ! -s s3_credentials ] || [ ! -s objects_config ]; then
    id=$(fresh | head -c 20) key=$(fresh)
    printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$id" "$key" > s3_credentials
    printf '{"identities": [{"name": "laocai", "credentials": [{"accessKey": "%s", "secretKey": "%s"}], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}\n' \
        "$id" "$key" > objects_config
fi

# Compose hands files over as they are, so each belongs to the user that reads it in its container.
if [ "$(id -u)" = 0 ]; then
    chown 10001:10001 ticket_secret bot_secret device_key mongodb_url limits_url s3_credentials objects_config
    chown 999:999 mongo_key mongo_root_password mongodb_password
    chown 999:1000 redis_config
fi
chmod 400 ./*
