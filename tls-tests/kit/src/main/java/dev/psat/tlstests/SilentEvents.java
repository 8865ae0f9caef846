package dev.psat.tlstests;

import java.io.IOException;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Events of a servlet, the first of which is followed by silence.
 */
@RestController
public class SilentEvents {

	private final Silents silents;

	SilentEvents(Silents silents) {
		this.silents = silents;
	}

	@GetMapping("/silent")
	public SseEmitter silent() {
		SseEmitter emitter = new SseEmitter(0L);
		emitter.onError((ex) -> this.silents.hasLeft(emitter));
		emitter.onCompletion(() -> this.silents.hasLeft(emitter));
		this.silents.listens(emitter, () -> send(emitter));
		send(emitter);
		return emitter;
	}

	private static void send(SseEmitter emitter) {
		try {
			emitter.send(Silents.EVENT);
		}
		catch (IOException | IllegalStateException ex) {
			complete(emitter, ex);
		}
	}

	private static void complete(SseEmitter emitter, Exception failure) {
		try {
			emitter.completeWithError(failure);
		}
		catch (IllegalStateException ex) {
			// Tomcat has told of an error meanwhile
		}
	}

}
