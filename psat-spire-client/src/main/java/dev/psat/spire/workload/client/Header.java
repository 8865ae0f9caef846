package dev.psat.spire.workload.client;

record Header(String name, String value) {

	private static final int OVERHEAD = 32;

	/** Return what the field counts for in tables and lists (RFC 7541, section 4.1). */
	int size() {
		return this.name.length() + this.value.length() + OVERHEAD;
	}

}
