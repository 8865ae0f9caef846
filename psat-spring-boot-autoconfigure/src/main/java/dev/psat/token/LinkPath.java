package dev.psat.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A path followed link by link.
 *
 * @param end where it ends, without any link; where it ends early, the last part that
 * exists
 * @param complete whether it ends at something that exists
 * @param throughData whether the end was reached through a {@code ..data} link, with
 * which kubelet swaps whole directories at once
 * @param directories the directories in which a change can make the path lead elsewhere
 */
record LinkPath(Path end, boolean complete, boolean throughData, Set<Path> directories) {

	/** As many as Linux follows. */
	private static final int MOST_LINKS = 40;

	static LinkPath follow(Path path) {
		return new Walk(path.toAbsolutePath()).end();
	}

	private static final class Walk {

		private final Deque<Path> ahead = new ArrayDeque<>();

		private final Set<Path> directories = new LinkedHashSet<>();

		private Path here;

		private @Nullable Path swapped;

		Walk(Path path) {
			this.here = path.getRoot();
			path.forEach(this.ahead::add);
		}

		LinkPath end() {
			boolean complete = walk();
			if (!isSwapped()) {
				Path parent = this.here.getParent();
				this.directories
					.add((Files.isDirectory(this.here) && !complete || parent == null) ? this.here : parent);
			}
			return new LinkPath(this.here, complete, isSwapped(), Set.copyOf(this.directories));
		}

		private boolean walk() {
			int links = 0;
			for (Path name = this.ahead.poll(); name != null; name = this.ahead.poll()) {
				Path next = this.here.resolve(name).normalize();
				try {
					if (!Files.readAttributes(next, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
						.isSymbolicLink()) {
						this.here = next;
					}
					else if (++links > MOST_LINKS) {
						return false;
					}
					else {
						turn(name, Files.readSymbolicLink(next));
					}
				}
				catch (IOException | UnsupportedOperationException ex) {
					return false;
				}
			}
			return true;
		}

		private void turn(Path link, Path target) {
			if (!isSwapped()) {
				this.directories.add(this.here);
			}
			if (link.toString().equals("..data")) {
				this.swapped = this.here.resolve(target).normalize();
			}
			for (int i = target.getNameCount() - 1; i >= 0; i--) {
				this.ahead.push(target.getName(i));
			}
			if (target.isAbsolute()) {
				this.here = target.getRoot();
			}
		}

		private boolean isSwapped() {
			return this.swapped != null && this.here.startsWith(this.swapped);
		}

	}

}
