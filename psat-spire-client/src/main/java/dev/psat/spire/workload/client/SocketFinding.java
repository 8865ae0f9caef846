package dev.psat.spire.workload.client;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.psat.spiffe.internal.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why there is no connection. The system's text depends on the language, and
 * refuses a file and a socket without a listener alike.
 */
final class SocketFinding {

	private static final int FILE_TYPE = 0170000;

	private static final int SOCKET = 0140000;

	private SocketFinding() {
	}

	static WorkloadException of(WorkloadEndpoint endpoint, IOException ex) {
		Path path = endpoint.path();
		WorkloadException found = (path == null) ? null
				: (ex instanceof BindException) ? notPermitted(endpoint, path, ex) : atPath(endpoint, path, ex);
		if (found != null) {
			return found;
		}
		if (ex instanceof ConnectException) {
			return exception(WorkloadFailureReason.NOBODY_LISTENS, endpoint, "nobody listens there", ex);
		}
		return exception(WorkloadFailureReason.UNREACHABLE, endpoint,
				isSocket(endpoint) ? "it accepts no connection (%s)".formatted(text(ex)) : text(ex), ex);
	}

	private static WorkloadException notPermitted(WorkloadEndpoint endpoint, Path path, IOException ex) {
		String what = directories(path).filter((directory) -> !Files.isExecutable(directory))
			.findFirst()
			.map((directory) -> "search the directory " + name(directory))
			.orElse("write to the socket");
		return exception(WorkloadFailureReason.SOCKET_NOT_PERMITTED, endpoint, "this process may not " + what, ex);
	}

	private static @Nullable WorkloadException atPath(WorkloadEndpoint endpoint, Path path, IOException ex) {
		Path directory = directories(path).filter((candidate) -> !Files.isDirectory(candidate))
			.findFirst()
			.orElse(null);
		if (directory != null) {
			return exception(WorkloadFailureReason.DIRECTORY_MISSING, endpoint,
					name(directory) + (Files.exists(directory) ? " is not a directory" : " does not exist"), ex);
		}
		if (Files.notExists(path)) {
			return exception(WorkloadFailureReason.SOCKET_MISSING, endpoint,
					Files.isSymbolicLink(path) ? "it is a link to nothing" : "it does not exist", ex);
		}
		if (!isSocket(path)) {
			return exception(WorkloadFailureReason.NOT_A_SOCKET, endpoint,
					Files.isDirectory(path) ? "it is a directory, not a socket" : "it is a file, not a socket", ex);
		}
		return null;
	}

	private static Stream<Path> directories(Path path) {
		return Stream.iterate(path.getParent(), (directory) -> directory != null, Path::getParent)
			.sorted((one, other) -> one.getNameCount() - other.getNameCount());
	}

	static boolean isSocket(WorkloadEndpoint endpoint) {
		Path path = endpoint.path();
		return path != null && isSocket(path);
	}

	private static boolean isSocket(Path path) {
		try {
			return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == SOCKET;
		}
		catch (IOException ex) {
			return false;
		}
		catch (UnsupportedOperationException ex) {
			// not a system that knows modes
			return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
		}
	}

	private static String name(Path path) {
		return Quoted.line(path.toString());
	}

	private static String text(IOException ex) {
		return (ex.getMessage() != null) ? Quoted.line(ex.getMessage()) : ex.getClass().getSimpleName();
	}

	private static WorkloadException exception(WorkloadFailureReason reason, WorkloadEndpoint endpoint, String found,
			IOException ex) {
		return new WorkloadException(reason, "%s cannot be reached: %s".formatted(endpoint, found), ex);
	}

}
