package dev.psat.token;

import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/**
 * What one read of the file found.
 *
 * @param bytes the content, at most one byte more than the largest token
 * @param size the size that the file system told
 * @param modified when the content was last changed, as the file system told
 * @param whole whether the content is known to be whole, since it appeared at the path in
 * one piece
 * @param quiet whether nothing has changed the file for over a second
 * @param pinned whether the path can never show another file
 */
record FileContent(byte[] bytes, long size, FileTime modified, boolean whole, boolean quiet, boolean pinned) {

	boolean isSameAs(FileContent other) {
		return this.size == other.size && this.modified.equals(other.modified)
				&& Arrays.equals(this.bytes, other.bytes);
	}

}
