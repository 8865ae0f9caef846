package dev.psat.spire.server;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file on a file system that does not answer while a test says so, whatever interrupts
 * it.
 */
final class HangingPath {

	private final Path file;

	private final AtomicInteger opened = new AtomicInteger();

	private boolean hanging;

	HangingPath(Path file) {
		this.file = file;
	}

	Path path() {
		FileSystem fileSystem = new HangingFileSystem();
		return (Path) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Path.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "getFileSystem" -> fileSystem;
					case "toString" -> this.file.toString();
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

	/**
	 * Return how often the file was opened.
	 */
	int opened() {
		return this.opened.get();
	}

	synchronized void hang() {
		this.hanging = true;
	}

	synchronized void release() {
		this.hanging = false;
		notifyAll();
	}

	private synchronized void awaitRelease() {
		while (this.hanging) {
			try {
				wait();
			}
			catch (InterruptedException ex) {
				// as in the kernel
			}
		}
	}

	private final class HangingFileSystem extends FileSystem {

		@Override
		public FileSystemProvider provider() {
			return new HangingProvider();
		}

		@Override
		public void close() {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public boolean isReadOnly() {
			return true;
		}

		@Override
		public String getSeparator() {
			return "/";
		}

		@Override
		public Iterable<Path> getRootDirectories() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Iterable<FileStore> getFileStores() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Set<String> supportedFileAttributeViews() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Path getPath(String first, String... more) {
			throw new UnsupportedOperationException();
		}

		@Override
		public PathMatcher getPathMatcher(String syntaxAndPattern) {
			throw new UnsupportedOperationException();
		}

		@Override
		public UserPrincipalLookupService getUserPrincipalLookupService() {
			throw new UnsupportedOperationException();
		}

		@Override
		public WatchService newWatchService() {
			throw new UnsupportedOperationException();
		}

	}

	private final class HangingProvider extends FileSystemProvider {

		@Override
		public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
			HangingPath.this.opened.incrementAndGet();
			awaitRelease();
			return Files.newInputStream(HangingPath.this.file, options);
		}

		@Override
		public void checkAccess(Path path, AccessMode... modes) throws IOException {
			HangingPath.this.file.getFileSystem().provider().checkAccess(HangingPath.this.file, modes);
		}

		@Override
		public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
				throws IOException {
			return Files.readAttributes(HangingPath.this.file, type, options);
		}

		@Override
		public String getScheme() {
			return "hanging";
		}

		@Override
		public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
			throw new UnsupportedOperationException();
		}

		@Override
		public FileSystem getFileSystem(URI uri) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Path getPath(URI uri) {
			throw new UnsupportedOperationException();
		}

		@Override
		public SeekableByteChannel newByteChannel(Path path, Set<? extends OpenOption> options,
				FileAttribute<?>... attrs) {
			throw new UnsupportedOperationException();
		}

		@Override
		public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void createDirectory(Path dir, FileAttribute<?>... attrs) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void delete(Path path) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void copy(Path source, Path target, CopyOption... options) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void move(Path source, Path target, CopyOption... options) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isSameFile(Path path, Path path2) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isHidden(Path path) {
			throw new UnsupportedOperationException();
		}

		@Override
		public FileStore getFileStore(Path path) {
			throw new UnsupportedOperationException();
		}

		@Override
		public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
			throw new UnsupportedOperationException();
		}

	}

}
