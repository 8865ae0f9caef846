/**
 * Tests on PostgreSQL.
 */
@NullMarked
package dev.psat.products.postgresql;

import org.jspecify.annotations.NullMarked;
