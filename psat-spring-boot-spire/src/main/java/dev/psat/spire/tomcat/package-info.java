/**
 * The SSL bundle in Tomcat, which would make a context of its own from stores, and the
 * retirement of its clients' connections.
 */
@NullMarked
package dev.psat.spire.tomcat;

import org.jspecify.annotations.NullMarked;
