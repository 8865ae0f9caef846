package dev.psat.spire.workload.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.psat.spire.wire.internal.Deadline;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.wire.internal.Time;
import dev.psat.support.Patience;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link SocketFinding}, by way of a call.
 */
class SocketFindingTests {

	private Path directory;

	private Path socket;

	@BeforeEach
	void create() throws IOException {
		this.directory = Files.createTempDirectory("finding").toRealPath();
		this.socket = this.directory.resolve("s");
	}

	@AfterEach
	void delete() throws IOException {
		try (Stream<Path> files = Files.walk(this.directory)) {
			for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	@Test
	void socketIsMissing() {
		assertFinding(this.socket, WorkloadFailureReason.SOCKET_MISSING, "it does not exist");
	}

	@Test
	void linkLeadsToNothing() throws IOException {
		Files.createSymbolicLink(this.socket, this.directory.resolve("elsewhere"));
		assertFinding(this.socket, WorkloadFailureReason.SOCKET_MISSING, "it is a link to nothing");
	}

	@Test
	void directoryIsMissing() {
		assertFinding(this.directory.resolve("a/b/s"), WorkloadFailureReason.DIRECTORY_MISSING,
				this.directory.resolve("a") + " does not exist");
	}

	@Test
	void directoryIsAFile() throws IOException {
		Files.createFile(this.socket);
		assertFinding(this.socket.resolve("s"), WorkloadFailureReason.DIRECTORY_MISSING,
				this.socket + " is not a directory");
	}

	@Test
	void fileIsNoSocket() throws IOException {
		Files.createFile(this.socket);
		assertFinding(this.socket, WorkloadFailureReason.NOT_A_SOCKET, "it is a file, not a socket");
	}

	@Test
	void directoryIsNoSocket() throws IOException {
		// what a container runtime makes of a mount without a source
		Files.createDirectory(this.socket);
		assertFinding(this.socket, WorkloadFailureReason.NOT_A_SOCKET, "it is a directory, not a socket");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void deviceIsNoSocket() {
		assertFinding(Path.of("/dev/null"), WorkloadFailureReason.NOT_A_SOCKET, "it is a file, not a socket");
	}

	@Test
	void nobodyListens() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listener.bind(UnixDomainSocketAddress.of(this.socket));
		}
		assertFinding(this.socket, WorkloadFailureReason.NOBODY_LISTENS, "nobody listens there");
	}

	@Test
	void nobodyListensOnAPort() throws IOException {
		try (Socket bound = new Socket()) {
			bound.bind(new InetSocketAddress("127.0.0.1", 0));
			assertFinding(WorkloadEndpoint.parse("tcp://127.0.0.1:" + bound.getLocalPort()),
					WorkloadFailureReason.NOBODY_LISTENS, "nobody listens there");
		}
	}

	@Test
	void socketMayNotBeWritten() throws Exception {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listener.bind(UnixDomainSocketAddress.of(this.socket));
			Files.setPosixFilePermissions(this.socket, PosixFilePermissions.fromString("---------"));
			assertNotPermitted("this process may not write to the socket");
		}
	}

	@Test
	void directoryMayNotBeSearched() throws Exception {
		this.socket = Files.createDirectories(this.directory.resolve("a/b")).resolve("s");
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listener.bind(UnixDomainSocketAddress.of(this.socket));
			Files.setPosixFilePermissions(this.directory.resolve("a"), PosixFilePermissions.fromString("rw-rw-rw-"));
			assertNotPermitted("this process may not search the directory " + this.directory.resolve("a"));
		}
		finally {
			Files.setPosixFilePermissions(this.directory.resolve("a"), PosixFilePermissions.fromString("rwx------"));
		}
	}

	/**
	 * Call as somebody whom permissions concern, which root is not.
	 */
	private void assertNotPermitted(String message) throws Exception {
		if (!Files.isWritable(this.socket)) {
			assertFinding(this.socket, WorkloadFailureReason.SOCKET_NOT_PERMITTED, message);
			return;
		}
		assumeThat(Path.of("/usr/bin/setpriv")).exists();
		Process process = new ProcessBuilder("setpriv", "--bounding-set=-dac_override,-dac_read_search",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-cp",
				System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
				Caller.class.getName(), this.socket.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
		assumeThat(output).doesNotContain("setpriv:");
		assertThat(output.strip())
			.isEqualTo("SOCKET_NOT_PERMITTED unix://%s cannot be reached: %s".formatted(this.socket, message));
	}

	private static void assertFinding(Path path, WorkloadFailureReason reason, String message) {
		assertFinding(WorkloadEndpoint.parse("unix://" + path), reason, message);
	}

	private static void assertFinding(WorkloadEndpoint endpoint, WorkloadFailureReason reason, String message) {
		WorkloadException failure = failure(endpoint);
		assertThat(failure).hasMessage("%s cannot be reached: %s".formatted(endpoint, message))
			.hasCauseInstanceOf(IOException.class);
		assertThat(failure.reason()).isEqualTo(reason);
	}

	private static WorkloadException failure(WorkloadEndpoint endpoint) {
		try (WorkloadCall call = new WorkloadCall(endpoint, "x", new byte[0], "test/1", Time.ofSystem())) {
			return catchThrowableOfType(WorkloadException.class,
					() -> call.next(Deadline.in(Patience.LIMIT, Time.ofSystem())));
		}
	}

	/**
	 * Calls in another process.
	 */
	static final class Caller {

		private Caller() {
		}

		public static void main(String[] args) {
			try (WorkloadCall call = new WorkloadCall(WorkloadEndpoint.parse("unix://" + args[0]), "x", new byte[0],
					"test/1", Time.ofSystem())) {
				call.next(Deadline.in(Patience.LIMIT, Time.ofSystem()));
			}
			catch (WorkloadException ex) {
				System.out.println(ex.reason() + " " + ex.getMessage());
			}
			catch (GrpcStatus.NotOkException ex) {
				System.out.println(ex.getMessage());
			}
		}

	}

}
