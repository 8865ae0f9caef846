/**
 * Spring Security support for callers with a SPIFFE ID, proved by an X.509-SVID or a
 * JWT-SVID. Nothing here is auto-configured; applications declare the beans that they
 * need.
 */
@NullMarked
package dev.psat.spire.security;

import org.jspecify.annotations.NullMarked;
