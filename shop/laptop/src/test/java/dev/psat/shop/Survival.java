package dev.psat.shop;

/**
 * Lets a service not survive the shop, however that has ended.
 */
final class Survival {

	static final String PID = "shop.pid";

	private Survival() {
	}

	/**
	 * End this JVM with that of the shop.
	 */
	static void prevent() {
		ProcessHandle.of(Long.getLong(PID))
			.ifPresentOrElse((shop) -> shop.onExit().thenRun(Survival::end), Survival::end);
	}

	private static void end() {
		System.exit(1);
	}

}
