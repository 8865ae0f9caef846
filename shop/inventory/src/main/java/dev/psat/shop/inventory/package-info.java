/**
 * The shop's inventory.
 */
@NullMarked
package dev.psat.shop.inventory;

import org.jspecify.annotations.NullMarked;
