package dev.psat.spire.autoconfigure.data.internal;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Tells the {@link ConnectionDetails} of Testcontainers from others: they would start
 * their container to tell where it is.
 */
public final class ContainerDetails {

	private ContainerDetails() {
	}

	/**
	 * Return whether details are those of a container.
	 * @param type their type
	 * @return whether they are
	 */
	public static boolean isType(Class<?> type) {
		Class<?> parent = type.getSuperclass();
		return type.getName().startsWith("org.springframework.boot.testcontainers.")
				|| (parent != null && isType(parent));
	}

}
