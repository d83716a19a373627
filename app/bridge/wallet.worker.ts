export interface WalletApi {
  connect(port: MessagePort): Promise<void>
  perform(action: string): Promise<string>
  setLoad(transactionsPerSecond: number): Promise<void>
}
