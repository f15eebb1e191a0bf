import { Component, type ReactNode } from 'react';
import { ErrorState } from '../kit/States.tsx';

/** Keeps a fault in one page from taking the window down. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error ? <ErrorState error={this.state.error} retry={() => this.setState({ error: null })} /> : this.props.children;
  }
}
