package org.springframework.boot.testcontainers;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * What Spring Boot makes of a container, as far as the name of its package goes.
 */
public class ContainerConnection implements ConnectionDetails {

	private boolean started;

	/**
	 * Tell the URL, for which the container has to run.
	 */
	public String getJdbcUrl() {
		this.started = true;
		return "jdbc:none";
	}

	public boolean isStarted() {
		return this.started;
	}

}
