package dev.psat.file.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A path followed link by link, to find out where it ends and which directories can make
 * it end elsewhere: those that contain one of its links. In the volume that kubelet
 * mounts at {@code /tokens}, the path {@code /tokens/spire-agent} resolves as follows:
 *
 * <pre>
 * /tokens                            watched: it holds both links
 * ├── spire-agent -&gt; ..data/spire-agent
 * ├── ..data -&gt; ..2026_11_25_10_00   kubelet renames another link over this one
 * └── ..2026_11_25_10_00             not watched: kubelet never changes it, but deletes it
 *     └── spire-agent                the end
 * </pre>
 *
 * Any other file can be replaced or written in place, so the directory that contains it
 * is watched too. If the path ends early, the nearest existing directory is watched.
 *
 * @param end where the path ends, with all links resolved; if it ends early, the last
 * part that exists
 * @param complete whether it ends at something that exists
 * @param throughData whether the end was reached through a {@code ..data} link, with
 * which kubelet swaps whole directories at once
 * @param directories the directories in which a change can make the path lead elsewhere,
 * with all links resolved, by their identity
 */
public record LinkPath(Path end, boolean complete, boolean throughData, Map<Object, Path> directories) {

	/** The limit of Linux. */
	private static final int MOST_LINKS = 40;

	public static LinkPath follow(Path path) {
		Walk walk = new Walk(path.toAbsolutePath());
		boolean complete = walk.toTheEnd();
		if (!walk.isInData()) {
			walk.watchTheEnd();
		}
		return new LinkPath(walk.here.path(), complete, walk.isInData(), Collections.unmodifiableMap(walk.watched));
	}

	/** The part already walked is free of links. */
	private static final class Walk {

		private final Deque<Path> ahead = new ArrayDeque<>();

		private final Map<Object, Path> watched = new LinkedHashMap<>();

		private Place here;

		private int links;

		private @Nullable Path data;

		Walk(Path path) {
			Path root = path.getRoot();
			this.here = new Place(root, null);
			prepend(path);
		}

		boolean toTheEnd() {
			try {
				while (!this.ahead.isEmpty()) {
					step(this.ahead.removeFirst());
				}
				return true;
			}
			catch (IOException | UnsupportedOperationException ex) {
				return false;
			}
		}

		private void step(Path name) throws IOException {
			if (!this.here.canHold()) {
				// as in the kernel, even for '..'
				throw new NotDirectoryException(this.here.path().toString());
			}
			Place next = Place.at(this.here.path().resolve(name).normalize());
			if (next.isLink()) {
				turn(next.path(), Files.readSymbolicLink(next.path()));
			}
			else {
				this.here = next;
			}
		}

		private void turn(Path link, Path target) throws IOException {
			if (++this.links > MOST_LINKS) {
				throw new IOException("Too many links");
			}
			if (!isInData()) {
				watch(this.here);
			}
			if (link.endsWith("..data")) {
				this.data = this.here.path().resolve(target).normalize();
			}
			prepend(target);
			if (target.isAbsolute()) {
				this.here = new Place(target.getRoot(), null);
			}
		}

		private void prepend(Path path) {
			for (int i = path.getNameCount() - 1; i >= 0; i--) {
				this.ahead.addFirst(path.getName(i));
			}
		}

		boolean isInData() {
			return this.data != null && this.here.path().startsWith(this.data);
		}

		void watchTheEnd() {
			Path parent = this.here.path().getParent();
			try {
				watch((this.here.isDirectory() || parent == null) ? this.here : Place.at(parent));
			}
			catch (IOException ex) {
				// gone again: the next look finds another path
			}
		}

		private void watch(Place directory) throws IOException {
			this.watched.put(directory.identity(), directory.path());
		}

	}

	/**
	 * What is at a path, without following links. Attributes of a root are read on
	 * demand.
	 */
	private record Place(Path path, @Nullable BasicFileAttributes attributes) {

		static Place at(Path path) throws IOException {
			return new Place(path, Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
		}

		boolean isLink() {
			return this.attributes != null && this.attributes.isSymbolicLink();
		}

		boolean canHold() {
			return this.attributes == null || this.attributes.isDirectory();
		}

		boolean isDirectory() {
			return this.attributes != null && this.attributes.isDirectory();
		}

		Object identity() throws IOException {
			BasicFileAttributes attributes = (this.attributes != null) ? this.attributes : at(this.path).attributes;
			Object key = (attributes != null) ? attributes.fileKey() : null;
			return (key != null) ? key : this.path;
		}

	}

}
