/**
 * What the guide to TLS prints.
 */
@NullMarked
package dev.psat.docs.tls;

import org.jspecify.annotations.NullMarked;
