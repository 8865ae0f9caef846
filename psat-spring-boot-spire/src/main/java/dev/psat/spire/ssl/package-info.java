/**
 * Spring Boot's SSL bundles that present the X.509-SVID.
 */
@NullMarked
package dev.psat.spire.ssl;

import org.jspecify.annotations.NullMarked;
