/** Reads what others have encoded. Public only for the clients. */
@NullMarked
package dev.psat.spiffe.internal;

import org.jspecify.annotations.NullMarked;
