package dev.psat.soak;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.psat.token.SourceState;

import org.springframework.util.Assert;

/**
 * Something at the path that has never been a token.
 */
final class PathFaults {

	private static final long SPARSE = 3L << 30;

	private PathFaults() {
	}

	static List<Fault> all() {
		List<Fault> faults = new ArrayList<>(List.of(at("directory", SourceState.UNREADABLE, Files::createDirectory),
				at("FIFO", SourceState.UNREADABLE, PathFaults::makeFifo),
				at("link to /dev/zero", SourceState.UNREADABLE, linkTo("/dev/zero")),
				at("link to a file of the kernel", SourceState.MALFORMED, linkTo("/proc/version")),
				at("sparse file of 3 GiB", SourceState.MALFORMED, PathFaults::makeSparseFile),
				at("link to itself", SourceState.UNREADABLE, linkTo("spire-agent")),
				at("link that leads nowhere", SourceState.MISSING, linkTo("..data/nothing")),
				at("socket", SourceState.UNREADABLE, PathFaults::makeSocket)));
		if (!"root".equals(System.getProperty("user.name"))) {
			// root can read it whatever the mode
			faults.add(at("file that forbids reading", SourceState.UNREADABLE,
					(path) -> Files.createFile(path, PosixFilePermissions.asFileAttribute(Set.of()))));
		}
		return faults;
	}

	private static Fault at(String name, SourceState state, Making making) {
		return new Fault(name + " at the path", Effect.problem(state), (world, random) -> {
			world.volume.removeToken();
			making.make(world.volume.path());
		});
	}

	private static Making linkTo(String target) {
		return (path) -> Files.createSymbolicLink(path, Path.of(target));
	}

	private static void makeFifo(Path path) throws IOException, InterruptedException {
		Process mkfifo = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
		Assert.state(mkfifo.waitFor() == 0, "mkfifo failed");
	}

	private static void makeSparseFile(Path path) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
			file.setLength(SPARSE);
		}
	}

	private static void makeSocket(Path path) throws IOException {
		// its name remains when it is closed
		try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			socket.bind(UnixDomainSocketAddress.of(path));
		}
	}

	/**
	 * Makes something at a path.
	 */
	private interface Making {

		void make(Path path) throws IOException, InterruptedException;

	}

}
