/**
 * A plain Java client of the SPIFFE Workload API, over HTTP/2 on a Unix socket. It
 * depends on no other jar.
 */
@NullMarked
package dev.psat.spire.workload.client;

import org.jspecify.annotations.NullMarked;
