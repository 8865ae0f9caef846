package dev.psat;

import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * Random cases, new ones each time. A failure names the seed of its case, and
 * {@code -Dseed=…} repeats that one alone.
 */
public final class RandomCases {

	private static final @Nullable Long SEED = Long.getLong("seed");

	private static final long[] EDGES = { Long.MIN_VALUE, Long.MIN_VALUE + 1, Integer.MIN_VALUE, -1, 0, 1,
			Integer.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE };

	private RandomCases() {
	}

	/**
	 * Check that something holds, whatever the case.
	 * @param cases how many cases to check
	 * @param property makes a case of the random numbers it is given, and checks it
	 */
	public static void check(int cases, Consumer<Random> property) {
		LongStream seeds = (SEED != null) ? LongStream.of(SEED) : new Random().longs(cases);
		seeds.forEach((seed) -> check(seed, property));
	}

	private static void check(long seed, Consumer<Random> property) {
		try {
			property.accept(new Random(seed));
		}
		catch (RuntimeException | Error ex) {
			throw new AssertionError("Failed with -Dseed=%d: %s".formatted(seed, ex), ex);
		}
	}

	/**
	 * Return a number of any size, those at the edges and small ones as often as the
	 * rest.
	 * @param random the random numbers of the case
	 * @return the number
	 */
	public static long anyLong(Random random) {
		return switch (random.nextInt(3)) {
			case 0 -> EDGES[random.nextInt(EDGES.length)];
			case 1 -> random.nextLong() >> random.nextInt(Long.SIZE);
			default -> random.nextLong();
		};
	}

	/**
	 * Return bytes of any value.
	 * @param random the random numbers of the case
	 * @param most how many there are at most
	 * @return the bytes
	 */
	public static byte[] anyBytes(Random random, int most) {
		byte[] bytes = new byte[random.nextInt(most + 1)];
		random.nextBytes(bytes);
		return bytes;
	}

}
