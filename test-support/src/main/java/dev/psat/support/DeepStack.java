package dev.psat.support;

/**
 * Calls at the very end of a stack, each of which may fail with a
 * {@link StackOverflowError} at another place.
 */
public final class DeepStack {

	private static final int CALLS = 60;

	private static final long SIZE = 256 * 1024;

	private final Runnable call;

	private int left;

	private DeepStack(Runnable call, int calls) {
		this.call = call;
		this.left = calls;
	}

	/**
	 * Make calls with ever more stack left.
	 * @param call the call
	 * @param offset how many frames of another size come first, so that each dive ends at
	 * other places
	 * @throws InterruptedException if the thread is interrupted while it waits for them
	 */
	public static void dive(Runnable call, int offset) throws InterruptedException {
		dive(call, offset, CALLS);
	}

	/**
	 * Make a number of calls with ever more stack left.
	 * @param call the call
	 * @param offset how many frames of another size come first, so that each dive ends at
	 * other places
	 * @param calls how many calls to make, up to where the stack begins
	 * @throws InterruptedException if the thread is interrupted while it waits for them
	 */
	public static void dive(Runnable call, int offset, int calls) throws InterruptedException {
		DeepStack stack = new DeepStack(call, calls);
		Thread diver = new Thread(null, () -> stack.offset(offset, 1, 2, 3), "diver", SIZE);
		diver.setDaemon(true);
		diver.start();
		diver.join(Patience.MILLIS);
	}

	private long offset(int frames, long one, long two, long three) {
		if (frames > 0) {
			return offset(frames - 1, two, three, one) + one;
		}
		descend();
		return one + two + three;
	}

	private void descend() {
		try {
			descend();
		}
		catch (StackOverflowError ex) {
			// call from here
		}
		if (this.left > 0) {
			this.left--;
			try {
				this.call.run();
			}
			catch (StackOverflowError ex) {
				// expected, and the caller has a little more stack
			}
		}
	}

}
