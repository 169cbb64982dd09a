// Beside the page's own thread: hands on what the microphone hears.

class Recorder extends AudioWorkletProcessor {
  process([input]) {
    const [channel] = input;
    if (channel !== undefined) this.port.postMessage(channel.slice());
    return true;
  }
}

registerProcessor('recorder', Recorder);
