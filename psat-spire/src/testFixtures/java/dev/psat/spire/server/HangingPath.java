package dev.psat.spire.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The path of a file in a volume of kubelet, which leads nowhere while a test says so,
 * whatever interrupts it.
 */
final class HangingPath {

	private final Path file;

	private final Path linked;

	private final AtomicInteger opened = new AtomicInteger();

	private final VisitTime time;

	private volatile CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

	HangingPath(Path file, VisitTime time) {
		this.time = time;
		this.file = file;
		Path data = file.resolveSibling("..data");
		this.linked = data.resolve(file.getFileName());
		try {
			Files.createSymbolicLink(data, Path.of("."));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path path() {
		return (Path) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Path.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "toAbsolutePath" -> follow();
					case "toString" -> this.file.toString();
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

	private Path follow() {
		this.opened.incrementAndGet();
		awaitRelease();
		return this.linked;
	}

	/**
	 * Return how often the file was looked for.
	 */
	int opened() {
		return this.opened.get();
	}

	void hang() {
		this.end = new CompletableFuture<>();
	}

	void release() {
		this.end.complete(null);
	}

	private void awaitRelease() {
		// as in the kernel
		this.time.hangStubbornly(this.end);
	}

}
