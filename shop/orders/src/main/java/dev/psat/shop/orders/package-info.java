/**
 * The shop's orders.
 */
@NullMarked
package dev.psat.shop.orders;

import org.jspecify.annotations.NullMarked;
