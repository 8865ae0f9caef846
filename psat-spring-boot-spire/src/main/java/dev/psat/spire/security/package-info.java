/**
 * Who calls, for Spring Security: callers are known by their SPIFFE ID, proved by an
 * X.509-SVID or a JWT-SVID. Nothing here is a bean; an application that is a resource
 * server declares what it wants.
 */
@NullMarked
package dev.psat.spire.security;

import org.jspecify.annotations.NullMarked;
