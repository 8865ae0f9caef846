package dev.psat.benchmarks.notice;

import java.io.IOException;

/**
 * Something that has the token of a volume in memory and notices when it is rotated.
 */
interface TokenReader extends AutoCloseable {

	/**
	 * Return what it has.
	 * @return the same object until there is another token
	 */
	Object current();

	/**
	 * Return whether what it has is made of this token.
	 * @param token the token
	 * @return whether it is
	 */
	boolean has(String token);

	@Override
	void close() throws IOException;

}
