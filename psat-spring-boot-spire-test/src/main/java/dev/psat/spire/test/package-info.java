/**
 * A simulated SPIRE Server, and the Workload API of a simulated SPIRE Agent, for tests
 * and local development. The messages in the packages below are generated, and for nobody
 * else.
 */
@NullMarked
package dev.psat.spire.test;

import org.jspecify.annotations.NullMarked;
