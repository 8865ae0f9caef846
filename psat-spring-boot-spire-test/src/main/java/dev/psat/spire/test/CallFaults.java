package dev.psat.spire.test;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

final class CallFaults<M extends Enum<M>> {

	private final Map<M, Queue<Fault>> next;

	private final Map<M, Fault> lasting;

	CallFaults(Class<M> methods) {
		this.next = new EnumMap<>(methods);
		this.lasting = new EnumMap<>(methods);
	}

	synchronized void addNext(M method, Fault fault) {
		Assert.notNull(method, "'method' must not be null");
		this.next.computeIfAbsent(method, (key) -> new ArrayDeque<>()).add(fault);
	}

	synchronized void setLasting(M method, @Nullable Fault fault) {
		Assert.notNull(method, "'method' must not be null");
		if (fault != null) {
			this.lasting.put(method, fault);
		}
		else {
			this.lasting.remove(method);
		}
	}

	synchronized @Nullable Fault take(M method) {
		Queue<Fault> queue = this.next.get(method);
		Fault fault = (queue != null) ? queue.poll() : null;
		return (fault != null) ? fault : this.lasting.get(method);
	}

	synchronized @Nullable Fault lasting(M method) {
		return this.lasting.get(method);
	}

	static Fault failure(Status status) {
		Assert.notNull(status, "'status' must not be null");
		Assert.isTrue(!status.isOk(), "'status' must not be OK");
		return new Fault.Failure(status);
	}

	sealed interface Fault {

		record Failure(Status status) implements Fault {

		}

		record Answer(Object message) implements Fault {

		}

		record LostAnswer() implements Fault {

		}

	}

}
