/**
 * What libraries of HTTP clients find by its name.
 */
@NullMarked
package dev.psat.spire.http.internal;

import org.jspecify.annotations.NullMarked;
