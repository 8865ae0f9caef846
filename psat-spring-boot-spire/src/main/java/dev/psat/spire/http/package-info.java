/**
 * HTTP clients of Spring Boot with an SSL bundle of the identity, for builders that an
 * application declares itself.
 */
@NullMarked
package dev.psat.spire.http;

import org.jspecify.annotations.NullMarked;
