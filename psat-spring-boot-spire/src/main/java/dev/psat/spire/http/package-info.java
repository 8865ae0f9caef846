/**
 * HTTP clients of Spring Boot with the SSL bundle, for builders that an application
 * declares itself.
 */
@NullMarked
package dev.psat.spire.http;

import org.jspecify.annotations.NullMarked;
