package dev.psat.file.internal;

import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/**
 * The result of one read of the file.
 *
 * @param bytes the content, at most one byte more than the largest
 * @param whole whether it is known to be whole because it appeared at the path in one
 * piece
 * @param quiet whether the file has been unchanged for over a second
 * @param pinned whether the path can never show another file
 */
public record FileContent(byte[] bytes, long size, FileTime modified, boolean whole, boolean quiet, boolean pinned) {

	boolean isSameAs(FileContent other) {
		return this.size == other.size && this.modified.equals(other.modified)
				&& Arrays.equals(this.bytes, other.bytes);
	}

}
