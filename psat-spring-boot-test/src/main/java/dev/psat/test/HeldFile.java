package dev.psat.test;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that remains reachable through its descriptor when its last name is gone.
 */
final class HeldFile implements Closeable {

	private final FileChannel channel;

	private final Path descriptor;

	private HeldFile(FileChannel channel, Path descriptor) {
		this.channel = channel;
		this.descriptor = descriptor;
	}

	/**
	 * Open a file.
	 * @param file the file
	 * @return the open file
	 * @throws IOException if it cannot be opened
	 * @throws UnsupportedOperationException if this is not Linux
	 */
	static HeldFile open(Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
		try {
			return new HeldFile(channel, descriptorOf(channel));
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Find the number of a descriptor, which the JDK does not reveal, by its unique
	 * position.
	 */
	private static Path descriptorOf(FileChannel channel) throws IOException {
		channel.position(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 41));
		String position = "pos:\t" + channel.position();
		Path descriptors = Path.of("/proc/self/fd");
		if (Files.isDirectory(descriptors)) {
			try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
				for (Path number : numbers) {
					if (holds(number, position)) {
						return descriptors.resolve(number.getFileName());
					}
				}
			}
		}
		throw new UnsupportedOperationException("A subPath mount can be simulated on Linux only");
	}

	private static boolean holds(Path descriptorInfo, String position) throws IOException {
		try {
			return Files.readAllLines(descriptorInfo).contains(position);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	Path descriptor() {
		return this.descriptor;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
