/**
 * What the tests of all products share: programs that are started and leave nothing
 * behind, the application, the report. Each product has a package below this one.
 */
@NullMarked
package dev.psat.products;

import org.jspecify.annotations.NullMarked;
