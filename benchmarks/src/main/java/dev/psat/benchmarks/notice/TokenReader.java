package dev.psat.benchmarks.notice;

import java.io.IOException;

/**
 * Keeps the token of a volume in memory and notices when it is rotated.
 */
interface TokenReader extends AutoCloseable {

	/**
	 * Return what this reader has.
	 * @return the same object until there is another token
	 */
	Object current();

	/**
	 * Return whether this reader has the given token.
	 * @param token the token
	 * @return whether it has the token
	 */
	boolean has(String token);

	@Override
	void close() throws IOException;

}
