/**
 * Files as kubelet and others write them: which directories lead to one, what happens in
 * these, and what it holds. A file system may hang, and an event may never come.
 */
@NullMarked
package dev.psat.file.internal;

import org.jspecify.annotations.NullMarked;
