#!/bin/sh
# Alias and entry of the sample, for a SPIRE Server without the SPIRE Controller Manager, which would delete them again:
# run this where the server's socket is. With the controller, apply entries.yaml instead.
set -eu

spire-server entry create -node \
    -spiffeID spiffe://example.org/k8s/demo-cluster/ns/psat-sample/sa/sample-app \
    -selector k8s_psat:cluster:demo-cluster \
    -selector k8s_psat:agent_ns:psat-sample \
    -selector k8s_psat:agent_sa:sample-app

spire-server entry create \
    -parentID spiffe://example.org/k8s/demo-cluster/ns/psat-sample/sa/sample-app \
    -spiffeID spiffe://example.org/ns/psat-sample/sa/sample-app \
    -hint sample-app \
    -selector k8s:ns:psat-sample \
    -selector k8s:sa:sample-app
