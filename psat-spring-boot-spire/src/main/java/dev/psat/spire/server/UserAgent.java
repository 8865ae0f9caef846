package dev.psat.spire.server;

/**
 * The user agent that this application sends to the server.
 */
final class UserAgent {

	private UserAgent() {
	}

	/**
	 * Return the name and version.
	 * @return the value, without a version if the classes are not in a jar
	 */
	static String value() {
		String version = UserAgent.class.getPackage().getImplementationVersion();
		return (version != null) ? "psat-spring-boot/" + version : "psat-spring-boot";
	}

}
