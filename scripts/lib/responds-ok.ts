/** Whether a GET request returns a 2xx status. False if the server cannot be reached or `signal` aborts. */
export async function respondsOk(url: string | URL, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
