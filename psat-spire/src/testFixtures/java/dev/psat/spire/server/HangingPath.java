package dev.psat.spire.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The path of a file in a volume of kubelet, which leads nowhere while a test says so,
 * whatever interrupts it.
 */
final class HangingPath {

	private final Path file;

	private final Path linked;

	private final AtomicInteger opened = new AtomicInteger();

	private boolean hanging;

	HangingPath(Path file) {
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

}
