/**
 * Tests on Redis.
 */
@NullMarked
package dev.psat.products.redis;

import org.jspecify.annotations.NullMarked;
