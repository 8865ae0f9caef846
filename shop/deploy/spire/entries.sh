#!/bin/sh
# An alias and an entry for each service account, for a SPIRE Server without the SPIRE Controller Manager; with it, apply
# entries.yaml instead. sample-app/deploy/spire/entries.sh says more.
set -eu

SPIRE_SERVER="${SPIRE_SERVER:-kubectl exec -n spire spire-server-0 -c spire-server -- /opt/spire/bin/spire-server}"

for account in orders inventory; do
    $SPIRE_SERVER entry create -node \
        -spiffeID spiffe://example.org/k8s/demo-cluster/ns/shop/sa/$account \
        -selector k8s_psat:cluster:demo-cluster \
        -selector k8s_psat:agent_ns:shop \
        -selector k8s_psat:agent_sa:$account

    $SPIRE_SERVER entry create \
        -parentID spiffe://example.org/k8s/demo-cluster/ns/shop/sa/$account \
        -spiffeID spiffe://example.org/ns/shop/sa/$account \
        -hint $account \
        -selector k8s:ns:shop \
        -selector k8s:sa:$account
done
