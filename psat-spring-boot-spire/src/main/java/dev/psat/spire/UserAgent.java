package dev.psat.spire;

/**
 * How this application names itself to the server.
 */
final class UserAgent {

	private UserAgent() {
	}

	/**
	 * Return name and version.
	 * @return the value, without a version where the classes are not in a jar
	 */
	static String value() {
		String version = UserAgent.class.getPackage().getImplementationVersion();
		return (version != null) ? "psat-spring-boot/" + version : "psat-spring-boot";
	}

}
