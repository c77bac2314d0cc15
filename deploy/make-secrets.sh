#!/bin/sh
# Creates the secrets in deploy/secrets that compose.yaml uses: passwords, the key file and the certificates of the replica
# set, and the master key. If deploy/secrets exists already, nothing is changed, because a new master key could not read the old data.
set -eu
cd "$(dirname "$0")"
members=mongo1:27017,mongo2:27017,mongo3:27017
tls='tls=true&tlsCAFile=/run/secrets/mongo-ca.pem'

random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
password() { random 32 | tr '+/' '-_' | tr -d '='; }

# Certificates for ten years: one authority, whose key is not kept, and one certificate that all members share. A member is
# a server to the clients and a client to the other members.
certificates() {
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj '/CN=Latchkey MongoDB authority' \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign \
    -keyout secrets/authority.key -out secrets/mongo-ca.pem
  openssl req -new -newkey rsa:3072 -nodes -subj /CN=mongo -keyout secrets/server.key -out secrets/server.csr
  {
    echo subjectAltName=DNS:mongo1,DNS:mongo2,DNS:mongo3,DNS:localhost,IP:127.0.0.1
    echo extendedKeyUsage=serverAuth,clientAuth
  } >secrets/extensions
  openssl x509 -req -in secrets/server.csr -CA secrets/mongo-ca.pem -CAkey secrets/authority.key -days 3650 \
    -set_serial "0x$(openssl rand -hex 16)" -extfile secrets/extensions -out secrets/server.crt
  cat secrets/server.crt secrets/server.key >secrets/mongo-server.pem
  rm secrets/authority.key secrets/server.key secrets/server.csr secrets/server.crt secrets/extensions
}

umask 077
command -v openssl >/dev/null || { echo 'openssl is missing, which makes the certificates. Nothing was changed.' >&2; exit 1; }
mkdir secrets || { echo 'deploy/secrets exists already. Nothing was changed.' >&2; exit 1; }
cat >secrets/latchkey.env <<END
MONGODB_URI=mongodb://latchkey:$(password)@$members/latchkey?replicaSet=latchkey&$tls
LATCHKEY_MASTER_KEY=$(random 32)
END
echo "uri: mongodb://admin:$(password)@$members/?replicaSet=latchkey&authSource=admin&$tls" >secrets/mongo-admin.yaml
random 741 >secrets/mongo-keyfile
certificates 2>secrets/log || { cat secrets/log >&2; rm -r secrets; exit 1; }
rm secrets/log
# Compose mounts each file with its owner and mode, and the containers run as other users, so every user must be able to
# read the files. The mode of the folder keeps other users of this machine out.
chmod 444 secrets/*
echo 'Created deploy/secrets. Keep a copy of it apart from the backups: without its master key no license key can be read.'
