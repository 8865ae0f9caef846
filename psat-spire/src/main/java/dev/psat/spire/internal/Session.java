package dev.psat.spire.internal;

import java.util.concurrent.CompletableFuture;

/**
 * A run from a start to a stop, and whether it has an X.509-SVID.
 */
record Session<R extends LateStart.Run>(R run, CompletableFuture<Void> served,
		Runnable closed) implements LateStart.Run {

	@Override
	public void start() {
		this.run.start();
	}

	@Override
	public void listen() {
		this.run.listen();
	}

	@Override
	public void close() {
		this.served.complete(null);
		try {
			this.run.close();
		}
		finally {
			this.closed.run();
		}
	}

	@Override
	public void ceaseToListen() {
		this.run.ceaseToListen();
	}

}
